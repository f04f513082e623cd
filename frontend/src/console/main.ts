import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { leaveKeysToTheInputMethod } from '@/shared/composition'
import '@/shared/styles/base.css'
import App from './App.vue'

leaveKeysToTheInputMethod()
createApp(App).use(createPinia()).mount('#app')
