// Shows how a deal stands in Stripe, on any record page whose object has the fields: Quote, CPQ quote, Opportunity,
// Account. A component instead of a page layout, because deploying a layout would replace the one that an org has.
// Field names are plain text: imported ones would tie the component to objects that not every org has.
import { LightningElement, api } from 'lwc'

const FIELDS = [
  'Stripe_Status__c',
  'Stripe_Last_Synced__c',
  'Stripe_MRR__c',
  'Stripe_TCV__c',
  'Stripe_Currency__c',
  'Stripe_First_Invoice_Id__c',
  'Stripe_Customer_Id__c',
  'Stripe_Subscription_Id__c',
  'Stripe_Schedule_Id__c',
]
const TROUBLE = ['Stripe_Last_Error__c', 'Stripe_Error_Code__c']

export default class SwitchyardStripeState extends LightningElement {
  @api recordId
  @api objectApiName

  fields = FIELDS
  trouble = TROUBLE
  message

  handleLoad() {
    this.message = undefined
  }

  handleError() {
    this.message =
      'Stripe’s state cannot be shown: the fields are not on this object, or you may not see them. Salesforce admin: assign the permission set Switchyard Sales.'
  }
}
